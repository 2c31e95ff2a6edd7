/** Why a database cannot be migrated; `hint` says what to run. */
export class MigrationError extends Error {
  constructor(
    readonly code: 'database_newer' | 'migration_edited' | 'migration_failed',
    message: string,
    readonly hint: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'MigrationError';
  }
}
