import { messageOf, type KubeObject } from 'cdk8s-kserve/api';
import { type Artifact, wantedArtifacts } from 'cdk8s-kserve/lint';
import type { World } from 'cdk8s-kserve/render';
import { checkAccess, redactUri } from 'cdk8s-kserve-runtime';
import { readArtifacts } from '../lint/artifacts';
import type { CredentialCheck } from './credential-check';
import { credentialGraphs } from './credential-graphs';
import { givenCredentials } from './credential-words';
import { withEnvironmentOf } from './pod-environment';
import { wantedAccess, type WantedAccess } from './wanted-access';

/** Hosts that only the inside of a cluster can name. */
const CLUSTER_HOST = /^(https?:\/\/)?([a-z0-9-]+|[a-z0-9.-]+\.svc(\.[a-z0-9.-]+)?)(:\d+)?(\/|$)/i;
const ENDPOINTS = ['AWS_ENDPOINT_URL', 'S3_ENDPOINT', 'AZURE_SERVICE_URL', 'HF_ENDPOINT', 'HDFS_NAMENODE'];

/**
 * Tries every access that the services, models and graphs of a folder need, one after the other.
 *
 * @param objects what is looked at. @param beside what else the cluster has.
 */
export async function checkCredentials(objects: readonly KubeObject[], beside: readonly KubeObject[], world: World, signal: AbortSignal): Promise<readonly CredentialCheck[]> {
  const all = [...objects, ...beside];
  const checks: CredentialCheck[] = [];
  const models = await readArtifacts(wantedArtifacts(objects.map((object) => ({ object }))), {});
  for (const wanted of wantedAccess(objects, world, beside)) {
    signal.throwIfAborted();
    if ('uri' in wanted) checks.push(withModel(await checkOne(wanted, all, signal), wanted.uri, models));
    else checks.push({ ...wanted.owner, status: wanted.isError ? 'failed' : 'skipped', source: '', credential: '', message: wanted.why });
  }
  return [...checks, ...credentialGraphs(objects, checks)];
}

/** A model on this machine (`file://`) is looked at, too: one that may be read and would be refused is not yet served. */
function withModel(check: CredentialCheck, uri: string, models: ReadonlyMap<string, Artifact>): CredentialCheck {
  const refusal = check.status === 'ok' ? models.get(uri)?.models?.find((model) => model.refusal)?.refusal : undefined;
  if (!refusal) return check;
  return { ...check, status: 'failed', message: `it can be read, but the server would refuse it: ${refusal.message}${refusal.hint === undefined ? '' : `; ${refusal.hint}`}`, code: refusal.code };
}

async function checkOne(wanted: WantedAccess, objects: readonly KubeObject[], signal: AbortSignal): Promise<CredentialCheck> {
  const { text, missing } = givenCredentials(wanted.container, wanted.pod, wanted.owner.namespace, objects);
  const base = { ...wanted.owner, source: redactUri(wanted.uri), credential: text };
  try {
    return await withEnvironmentOf(wanted, objects, async (env) => {
      const { refusal, identity, machineIdentity } = await checkAccess(wanted.uri, { env, signal });
      if (!refusal) return { ...base, status: 'ok', ...(identity === undefined ? {} : { identity }) };
      const reason = notKnown(refusal.code, { missing, machineIdentity, inCluster: isInCluster(wanted.uri, env) });
      return { ...base, status: reason === undefined ? 'failed' : 'unknown', message: reason ?? withoutCode(refusal.toLine(), refusal.code), code: refusal.code };
    });
  } catch (error) {
    signal.throwIfAborted();
    return { ...base, status: 'failed', message: messageOf(error) };
  }
}

interface Circumstances {
  readonly missing: string | undefined;
  readonly machineIdentity: string | undefined;
  readonly inCluster: boolean;
}

/** Why a refusal here need not be one in the cluster. */
function notKnown(code: string, { missing, machineIdentity, inCluster }: Circumstances): string | undefined {
  if (code !== 'ISVC_FETCH_DENIED' && code !== 'ISVC_FETCH_UNREACHABLE') return undefined;
  if (code === 'ISVC_FETCH_UNREACHABLE' && inCluster) return 'the address is one of the cluster, which cannot be reached from here';
  // A secret says where a store is, too.
  if (missing !== undefined) return `${missing} is not in the folder, and without it there is no access; add it, or --world with it`;
  return code === 'ISVC_FETCH_DENIED' && machineIdentity !== undefined ? `the pod would use ${machineIdentity}, which this machine has not; without it access is denied` : undefined;
}

function isInCluster(uri: string, env: Readonly<Record<string, string>>): boolean {
  return [...(/^https?:/i.test(uri) ? [uri] : []), ...ENDPOINTS.flatMap((name) => env[name] ?? [])].some((address) => CLUSTER_HOST.test(address) && !/localhost/i.test(address));
}

function withoutCode(line: string, code: string): string {
  return line.replace(` [${code}]`, '');
}
