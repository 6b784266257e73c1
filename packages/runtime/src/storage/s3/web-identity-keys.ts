import { readFile } from 'node:fs/promises';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { FetchSession } from '../session';
import { askText } from '../transport/ask';
import { anonymous } from '../transport/authorizer';
import { storeError } from '../transport/store-error';
import { textOf } from '../transport/xml';
import type { KeySource } from './key-source';

/** Keys for a role that the service account's token is exchanged for (IRSA). `undefined` where it is not set up. */
export function webIdentityKeys(session: FetchSession, region: string): KeySource | undefined {
  const { env } = session;
  const [file, role] = [env['AWS_WEB_IDENTITY_TOKEN_FILE'], env['AWS_ROLE_ARN']];
  if (!file || !role) return undefined;
  const url = new URL(env['AWS_ENDPOINT_URL_STS'] || `https://sts.${region}.amazonaws.com/`);
  const access = { client: session.client(), authorizer: anonymous };
  return {
    identity: `role ${role}`,
    async issue() {
      const body = new URLSearchParams({
        Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', RoleArn: role, RoleSessionName: env['AWS_ROLE_SESSION_NAME'] || 'isvc-fetch', WebIdentityToken: await tokenOf(file),
      }).toString();
      try {
        const { text } = await askText({ method: 'POST', url, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body }, access, session);
        return keysOf(text, role);
      } catch (error) {
        session.signal.throwIfAborted();
        throw storeError(error, {
          store: 'sts', subject: `role ${role}`, uri: `role ${role}`, identity: 'the service account of the pod',
          deniedHint: 'the trust policy of the role must name the cluster, the namespace and the service account',
          notFoundHint: 'check eks.amazonaws.com/role-arn',
          detail: ({ body: document }) => textOf(document, 'Message'),
        });
      }
    },
  };
}

async function tokenOf(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new IsvcError('ISVC_FETCH_CONFIG', `the token of AWS_WEB_IDENTITY_TOKEN_FILE cannot be read: ${messageOf(error)}`, { hint: 'check the service account of the pod', cause: error });
  }
}

function keysOf(xml: string, role: string): Awaited<ReturnType<KeySource['issue']>> {
  const [accessKeyId, secretAccessKey, sessionToken, expires] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration'].map((name) => textOf(xml, name));
  if (accessKeyId && secretAccessKey && sessionToken && expires) return { accessKeyId, secretAccessKey, sessionToken, expires: Date.parse(expires) };
  throw new IsvcError('ISVC_FETCH_DENIED', `sts: the answer for role ${role} holds no keys`, { hint: 'check AWS_ENDPOINT_URL_STS' });
}
