/** Ends every test run with the plain line `N passed, N failed`, which machines and people read alike. */
module.exports = class PlainSummaryReporter {
  onRunComplete(_contexts, results) {
    // A suite that could not even be loaded has no tests to count, but it is a failure all the same.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`;
    // Jest prints its own summary after all reporters; only an exit handler comes later.
    process.once('exit', () => process.stdout.write(line));
  }
};
