/** How a program ended that did not say it itself. */
export function describeEnd(code: number | null, signal: string | null): string {
  if (signal !== null || code === null) return `the agent was ended by ${signal ?? 'a signal'}`;
  if (code === 127 || code === 126) return 'the agent program could not be started';
  // A shell and bubblewrap report the signal in the code.
  return code > 128
    ? `the agent was ended by signal ${code - 128}`
    : `the agent ended with exit code ${code}`;
}
