import type { EnvVar } from '../../../api';
import type { SecretFacts } from '../../types';
import { fromSecret } from './credentials';

/** Variables of the Azure clients, each with the key of older secrets. */
const VARIABLES: readonly (readonly [string, string])[] = [
  ['AZURE_SUBSCRIPTION_ID', 'AZ_SUBSCRIPTION_ID'],
  ['AZURE_TENANT_ID', 'AZ_TENANT_ID'],
  ['AZURE_CLIENT_ID', 'AZ_CLIENT_ID'],
  ['AZURE_CLIENT_SECRET', 'AZ_CLIENT_SECRET'],
  ['AZURE_STORAGE_ACCESS_KEY', 'AZ_STORAGE_ACCESS_KEY'],
  ['AZURE_ACCESS_TOKEN', 'AZ_ACCESS_TOKEN'],
  ['AZURE_ACCESS_EXPIRES_ON_SECONDS', 'AZ_ACCESS_EXPIRES_ON_SECONDS'],
  ['AZURE_ACCOUNT_NAME', 'AZ_ACCOUNT_NAME'],
  ['AZURE_SERVICE_URL', 'AZ_SERVICE_URL'],
];

/** A service principal or token; keys that the secret has not are left out. */
export function azureCredentials(secret: SecretFacts): readonly EnvVar[] {
  return VARIABLES.flatMap(([name, legacy]) => {
    const key = [name, legacy].find((k) => secret.keys.includes(k));
    return key ? [fromSecret(name, secret.name, key)] : [];
  });
}
