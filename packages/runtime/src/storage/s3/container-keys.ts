import { readFileSync } from 'node:fs';
import { IsvcError } from 'cdk8s-kserve/api';
import type { FetchSession } from '../session';
import { askText } from '../transport/ask';
import { anonymous } from '../transport/authorizer';
import { storeError } from '../transport/store-error';
import type { KeySource } from './key-source';
import { parseKeyDocument } from './key-document';

/** Keys from the endpoint that EKS pod identity and ECS give a container. `undefined` where there is none. */
export function containerKeys(session: FetchSession): KeySource | undefined {
  const { env } = session;
  const relative = env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'];
  const full = relative ? `http://169.254.170.2${relative}` : env['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  if (!full) return undefined;
  if (!URL.canParse(full)) throw new IsvcError('ISVC_FETCH_CONFIG', 'AWS_CONTAINER_CREDENTIALS_FULL_URI is not an address', { hint: 'leave it to the pod identity agent' });
  // The address comes from the platform, not from the resource, and is link-local by design.
  const access = { client: session.client({ guarded: false }), authorizer: anonymous };
  return {
    identity: 'the pod identity of the service account',
    async issue() {
      const file = env['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'];
      const token = file ? readFileSync(file, 'utf8').trim() : env['AWS_CONTAINER_AUTHORIZATION_TOKEN'];
      try {
        const { text } = await askText({ url: new URL(full), headers: token ? { authorization: token } : {} }, access, session);
        return parseKeyDocument(text);
      } catch (error) {
        session.signal.throwIfAborted();
        throw storeError(error, {
          store: 'pod identity', subject: 'the credentials endpoint', uri: 'pod identity', identity: 'this pod',
          deniedHint: 'add a pod identity association for the service account', notFoundHint: 'check the pod identity agent of the node',
        });
      }
    },
  };
}
