import type { Config } from '@coffee-roadmap/shared/config/config';
import { AppError } from '@coffee-roadmap/shared/errors';
import { serverAnswers } from '@coffee-roadmap/shared/postgres/server-answers';

/** Where docker-compose.yml publishes its Postgres, unless .env says another port to both. */
const PUBLISHED_PORT = 54329;

/**
 * The Compose stack's Postgres is used by a machine that has a login there. One that has none, and no
 * database of its own yet, would begin a second database beside the first: throws `not_configured`.
 */
export async function refuseSecondDatabase(config: Config): Promise<void> {
  if (config.file.embedded === true) return;
  const port = Number(config.env.settings.port ?? PUBLISHED_PORT);
  if ((await serverAnswers(port)) === undefined) return;
  throw new AppError(
    'not_configured',
    `the Compose stack is up here, and you have no login there`,
    {
      hint: `docker compose run --rm cli people add NAME prints one for: coffee-roadmap login. (A Postgres on 127.0.0.1:${port} is taken for the stack's.)`,
    },
  );
}
