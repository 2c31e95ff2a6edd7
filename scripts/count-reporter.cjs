const { writeFileSync } = require('node:fs');

/** A jest reporter that prints nothing and leaves the counts of the run in a file. */
module.exports = class CountReporter {
  onRunComplete(_contexts, run) {
    const counts = {
      passed: run.numPassedTests,
      // A file that cannot even be loaded has no tests that fail: it counts as one.
      failed: run.numFailedTests + run.numRuntimeErrorTestSuites,
      skipped: run.numPendingTests + run.numTodoTests,
    };
    writeFileSync(process.env.COFFEE_TEST_COUNTS, JSON.stringify(counts));
  }
};
