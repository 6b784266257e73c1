import { TerminalError } from '../../../api';
import type { SecretFacts, ServiceAccountFacts, World } from '../../types';
import { joinCredentials, NO_CREDENTIALS, type Credentials } from './credentials';
import { s3Options } from './s3';
import { isForWebServer, secretCredentials } from './secret';

const ROLE_ARN = 'eks.amazonaws.com/role-arn';

export interface AccountContext {
  readonly namespace: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly world: World;
  /** Field path of what needs the credentials, for errors. */
  readonly path: string;
}

/**
 * Credentials that a service account brings: a cloud role by annotation, and the secrets it lists. An annotation of the
 * service may name the one secret to use instead.
 *
 * @throws TerminalError ISVC_RENDER_STORAGE when an account lists a secret that is not there; such a pod would start and fail to fetch.
 */
export function accountCredentials(accountName: string, context: AccountContext): Credentials {
  const { world, namespace, annotations } = context;
  const account = world.serviceAccounts?.find((a) => a.namespace === namespace && a.name === accountName);
  const override = annotations[world.config.credentials.storageSecretNameAnnotation];
  const role = account ? roleCredentials(account, context) : NO_CREDENTIALS;
  if (override !== undefined) {
    return joinCredentials([role, credentialsOf(secretNamed(override, `annotation ${world.config.credentials.storageSecretNameAnnotation}`, context), context, 'an annotation names it')]);
  }
  if (!account) return NO_CREDENTIALS;
  const secrets = account.secrets.map((name) => secretNamed(name, `service account "${accountName}"`, context));
  let webServers = 0;
  return joinCredentials([role, ...secrets.map((secret) => {
    if (secret && isForWebServer(secret, world.config.credentials)) webServers++;
    return credentialsOf(secret, context, `service account ${accountName} lists it`, webServers);
  })]);
}

function credentialsOf(secret: SecretFacts | undefined, context: AccountContext, because: string, webServer = 1): Credentials {
  if (!secret) return NO_CREDENTIALS;
  const found = secretCredentials(secret, context.world.config.credentials, webServer);
  if (!found) return NO_CREDENTIALS;
  return { ...found, decisions: [{ topic: 'credentials', choice: `secret ${secret.name}`, because }] };
}

function roleCredentials(account: ServiceAccountFacts, { world }: AccountContext): Credentials {
  if (account.annotations[ROLE_ARN] === undefined) return NO_CREDENTIALS;
  return {
    ...NO_CREDENTIALS,
    env: s3Options(account.annotations, undefined, world.config.credentials.s3),
    decisions: [{ topic: 'credentials', choice: `role of service account ${account.name}`, because: `it has annotation ${ROLE_ARN}` }],
  };
}

function secretNamed(name: string, from: string, { world, namespace, path }: AccountContext): SecretFacts | undefined {
  const secret = world.secrets?.find((s) => s.namespace === namespace && s.name === name);
  if (world.secrets && !secret) {
    throw new TerminalError('ISVC_RENDER_STORAGE', `${from} names secret "${name}", which does not exist in namespace "${namespace}"`, { path, hint: 'create the secret, or take it off the list' });
  }
  return secret;
}
