// Stories run many programs at once and wait for them in real time. On a machine that others load, a
// story may be late without being wrong: it is told again, twice at most, and each failure is printed.
if (expect.getState().testPath?.includes('/tests/stories/')) {
  jest.retryTimes(2, { logErrorsBeforeRetry: true });
}
