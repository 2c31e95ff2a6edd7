import type { Assignment } from './queries';

/** What the agent is told. `conflicts`: paths with conflict markers from the default branch. */
export function buildPrompt({ item, project }: Assignment, conflicts: string[]): string {
  const parts = [
    `You are working on priority ${item.number} of the roadmap of "${project.name}".`,
    `# ${item.title}`,
    item.body.trim(),
  ];
  if (item.feedback !== null) {
    parts.push(`# What a person said about the last attempt\n\n${item.feedback}`);
  }
  if (conflicts.length > 0) {
    parts.push(
      `# Conflicts\n\nThe default branch has moved. These files hold conflict markers; resolve them first:\n` +
        conflicts.map((path) => `- ${path}`).join('\n'),
    );
  }
  parts.push(
    [
      '# How to work',
      '',
      'You are in a clone of your own, already on the right branch. Make the change complete, with',
      'tests where the project has tests, and run them. You need not commit or push: whatever you',
      'leave in the working tree is committed for you. When a decision is a person’s to make, ask;',
      'they answer when they can. End with one short paragraph that says what you did and what to',
      'look at in a review.',
    ].join('\n'),
  );
  return parts.filter((part) => part !== '').join('\n\n');
}
