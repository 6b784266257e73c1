import { IsvcError } from 'cdk8s-kserve/api';
import type { InferenceError } from '../client/inference-error';

/** A refusal of the service behind a transformer, for the client to see as it is. */
export class ReplyError extends IsvcError {
  readonly status: number;

  constructor(status: number, cause: InferenceError) {
    super('ISVC_SERVER_UPSTREAM', cause.message.replace(/^the server answered \d+: /, ''), { cause });
    this.name = 'ReplyError';
    this.status = status;
  }
}
