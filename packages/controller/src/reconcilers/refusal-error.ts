import { IsvcError, objectKey } from 'cdk8s-kserve/api';
import type { ChildRefusal } from 'cdk8s-kserve/status';

/** Thrown after all else is done: nothing that we watch may change when a quota is raised or a policy lifted, so the refused are tried again. */
export function refusalError({ child, message }: ChildRefusal): IsvcError {
  return new IsvcError('ISVC_KUBE_REQUEST', message, { path: `${child.kind} ${objectKey(child)}` });
}
