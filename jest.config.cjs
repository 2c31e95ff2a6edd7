/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/db', '<rootDir>/libs', '<rootDir>/services', '<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  // They need a Docker engine: .ci/compose runs them.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/tests/compose/'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: {
    '^@coffee-roadmap/shared/(.*)$': '<rootDir>/libs/shared/src/$1',
    '^@coffee-roadmap/db/(.*)$': '<rootDir>/db/src/$1',
  },
  globalSetup: '<rootDir>/tests/support/global-setup.ts',
  globalTeardown: '<rootDir>/tests/support/global-teardown.ts',
  setupFilesAfterEnv: ['<rootDir>/tests/support/retry-stories.ts'],
  testTimeout: 180_000,
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
};
