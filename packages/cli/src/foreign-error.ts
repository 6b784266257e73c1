import type { IsvcError } from 'cdk8s-kserve/api';

/** Whether an error is one of ours. The bundle of `isvc` and the runtime have a class of that name each. */
export function isIsvcError(error: unknown): error is IsvcError {
  return error instanceof Error && error.name === 'IsvcError' && 'code' in error;
}
