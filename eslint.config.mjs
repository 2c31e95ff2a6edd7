import tseslint from 'typescript-eslint';

const services = ['daemon', 'agent', 'egress', 'setup', 'slackbot', 'cli', 'dashboard'];
const only = (names, message) => names.map((name) => ({ name, message }));

/** Packages that are named in one place each, and the place. */
const placed = [
  ...only(
    ['kysely'],
    'Queries live in a queries.ts of libs/shared/src/<noun>; call that function.',
  ),
  ...only(['pg'], 'Connections are made in libs/shared/src/db; take a Session as an argument.'),
  ...only(['@slack/bolt'], 'Slack’s packages are named in services/slackbot/src/bolt.ts alone.'),
  ...only(
    ['langfuse', 'langfuse-core'],
    'Its client is made in libs/shared/src/traces/langfuse-client.ts alone.',
  ),
  ...only(['dotenv'], 'The environment is read in libs/shared/src/config/env.ts alone.'),
];
const noServices = {
  group: services.map((name) => `**/services/${name}/**`),
  message: 'Nobody imports a service: move what is shared to libs/shared.',
};
const restrict = (paths, patterns = []) => ({
  'no-restricted-imports': ['error', { paths, patterns: [noServices, ...patterns] }],
});
const environment = {
  'no-restricted-properties': [
    'error',
    {
      object: 'process',
      property: 'env',
      message: 'Read the environment in libs/shared/src/config/env.ts and pass the value on.',
    },
  ],
};

export default tseslint.config(
  { ignores: ['**/node_modules/**', 'dist/**', '**/*.generated.ts', '**/fixtures/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      ...environment,
      ...restrict(placed),
    },
  },
  {
    files: ['libs/shared/src/**/queries.ts', 'libs/shared/src/**/*-queries.ts'],
    rules: restrict(placed.filter((p) => p.name !== 'kysely')),
  },
  {
    files: ['libs/shared/src/db/**/*.ts'],
    rules: restrict(placed.filter((p) => p.name === 'dotenv')),
  },
  {
    files: ['db/src/**/*.ts'],
    rules: restrict(
      placed.filter((p) => p.name !== 'pg'),
      [{ group: ['@coffee-roadmap/shared/*'], message: 'db/ imports nothing of ours.' }],
    ),
  },
  {
    files: ['libs/shared/src/config/env.ts'],
    rules: {
      ...restrict(placed.filter((p) => p.name !== 'dotenv')),
      'no-restricted-properties': 'off',
    },
  },
  {
    files: ['libs/shared/src/traces/langfuse-client.ts'],
    rules: restrict(placed.filter((p) => !p.name.startsWith('langfuse'))),
  },
  {
    files: ['services/slackbot/src/bolt.ts'],
    rules: restrict(placed.filter((p) => p.name !== '@slack/bolt')),
  },
  {
    files: ['**/*.test.ts', 'tests/**/*.ts', 'db/tests/**/*.ts', 'bench/**/*.ts'],
    rules: { ...restrict([]), 'no-restricted-properties': 'off', 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: { process: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
