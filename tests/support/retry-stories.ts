// Stories run many programs at once and wait for them in real time. On a machine that others load, a
// story may be late without being wrong: it is told once more, and the failure is printed all the same.
if (expect.getState().testPath?.includes('/tests/stories/')) {
  jest.retryTimes(1, { logErrorsBeforeRetry: true });
}
