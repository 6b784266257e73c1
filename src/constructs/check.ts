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
