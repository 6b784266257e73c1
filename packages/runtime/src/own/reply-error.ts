import { IsvcError } from 'cdk8s-kserve/api';
import type { InferenceError } from '../client/inference-error';

/** A refusal of another place - the service behind a transformer, a thread -, for the client to see as it is. */
export class ReplyError extends IsvcError {
  readonly status: number;

  /** @param message what the client is told. */
  constructor(status: number, message: string, cause?: InferenceError) {
    super('ISVC_SERVER_UPSTREAM', message, { cause });
    this.name = 'ReplyError';
    this.status = status;
  }
}
