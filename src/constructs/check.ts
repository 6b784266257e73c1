import { Node, type IConstruct } from 'constructs';
import { IsvcError, problemLine, type Problem } from '../api';

/**
 * Stops the synthesis with every problem at once, under the construct's path.
 *
 * @throws IsvcError ISVC_CONSTRUCT_MISUSE when any problem is an error.
 */
export function assertNoErrors(construct: IConstruct, problems: readonly Problem[]): void {
  const errors = problems.filter((p) => p.severity === 'error');
  if (errors.length === 0) return;
  const path = Node.of(construct).path;
  throw new IsvcError('ISVC_CONSTRUCT_MISUSE', `${path}: ${errors.map(problemLine).join(`\n${path}: `)}`, { path });
}

/**
 * An error about properties that cannot work together. cdk8s prints the message alone, so place and fix are in it.
 *
 * @param where a construct, the path of one that is being made, or the factory that was called.
 */
export function misuse(where: IConstruct | string, message: string, hint: string): IsvcError {
  const path = typeof where === 'string' ? where : Node.of(where).path;
  return new IsvcError('ISVC_CONSTRUCT_MISUSE', `${path}: ${message}; ${hint}`, { path, hint });
}

/** Path of a construct whose properties are looked at before it exists. */
export function childPath(scope: IConstruct, id: string): string {
  const { path } = Node.of(scope);
  return path === '' ? id : `${path}/${id}`;
}
