import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { FetchSession } from '../session';
import type { HttpClient, HttpRequest } from '../transport/http-client';
import { HttpClient as Client } from '../transport/http-client';
import { readText } from '../transport/read-text';
import type { KeySource } from './key-source';
import { parseKeyDocument } from './key-document';

const ROLES = '/latest/meta-data/iam/security-credentials/';
/** Outside of EC2 nothing answers: that must not take long. */
const PATIENCE_MS = 2000;

/** Keys of the instance's role, from metadata (IMDSv2). */
export function instanceKeys({ env, signal: sessionSignal }: FetchSession): KeySource {
  const base = env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] || 'http://169.254.169.254';
  return {
    identity: 'the role of the instance',
    async issue() {
      if (env['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true') throw none('instance metadata is turned off');
      const client = new Client({ connections: 1, connectMs: PATIENCE_MS, stallMs: PATIENCE_MS, guarded: false });
      try {
        const token = await text(client, { method: 'PUT', url: new URL('/latest/api/token', base), headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' } }, sessionSignal);
        const headers = { 'x-aws-ec2-metadata-token': token };
        const role = (await text(client, { url: new URL(ROLES, base), headers }, sessionSignal)).split('\n')[0]?.trim();
        return parseKeyDocument(await text(client, { url: new URL(ROLES + (role ?? ''), base), headers }, sessionSignal));
      } catch (error) {
        sessionSignal.throwIfAborted();
        throw error instanceof IsvcError ? error : none(messageOf(error));
      } finally {
        client.close();
      }
    },
  };
}

async function text(client: HttpClient, request: HttpRequest, signal: AbortSignal): Promise<string> {
  const { status, body } = await client.send(request, signal);
  const content = await readText(body);
  if (status === 200) return content;
  throw none(`instance metadata answers with status ${status}`);
}

function none(why: string): IsvcError {
  return new IsvcError('ISVC_FETCH_DENIED', `s3: there are no credentials: no key pair, no web identity, no pod identity in the environment, and ${why}`, {
    hint: 'add a secret with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to the service account, annotate it with a role, or set serving.kserve.io/s3-useanoncredential: "true"',
  });
}
