import { IsvcError } from 'cdk8s-kserve/api';

/** The IsvcError that `action` throws; anything else thrown, or nothing, fails the test. */
export function isvcErrorOf(action: () => unknown): IsvcError {
  try {
    action();
  } catch (error) {
    if (error instanceof IsvcError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
