import { IsvcError } from 'cdk8s-kserve/api';
import type { FetchSession } from '../session';
import { containerKeys } from './container-keys';
import { instanceKeys } from './instance-keys';
import type { KeySource } from './key-source';
import { webIdentityKeys } from './web-identity-keys';

/**
 * Where keys come from, in the order of the AWS SDKs: the environment, web identity (IRSA), the container's endpoint (pod
 * identity), instance metadata.
 *
 * @returns undefined where only the machine's could be taken and those are left out.
 * @throws IsvcError ISVC_FETCH_CONFIG where only half a key pair is set.
 */
export function findAwsKeys(session: FetchSession, region: string): KeySource | undefined {
  const { env } = session;
  const [id, secret, token] = [env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY'], env['AWS_SESSION_TOKEN']];
  if (Boolean(id) !== Boolean(secret)) {
    throw new IsvcError('ISVC_FETCH_CONFIG', `${id ? 'AWS_SECRET_ACCESS_KEY' : 'AWS_ACCESS_KEY_ID'} is not set, but its other half is`, { hint: 'put both into the secret of the service account' });
  }
  if (id && secret) {
    const keys = { accessKeyId: id.trim(), secretAccessKey: secret.trim(), ...(token ? { sessionToken: token.trim() } : {}) };
    return { identity: `access key ${keys.accessKeyId}`, issue: async () => keys };
  }
  if (session.onMachineIdentity) {
    session.onMachineIdentity(env['AWS_ROLE_ARN'] ? `role ${env['AWS_ROLE_ARN']}` : 'a role by IRSA, pod identity or the node');
    return undefined;
  }
  return webIdentityKeys(session, region) ?? containerKeys(session) ?? instanceKeys(session);
}
