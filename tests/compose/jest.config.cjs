/** For .ci/compose alone: needs a Docker engine, and no database but the stack's own. */
const base = require('../../jest.config.cjs');

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/tests/compose'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/tests/compose/global-setup.ts',
  globalTeardown: '<rootDir>/tests/compose/global-teardown.ts',
  testTimeout: 300_000,
  // One stack for all.
  maxWorkers: 1,
};
