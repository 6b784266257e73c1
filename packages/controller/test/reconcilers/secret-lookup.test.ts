import type { KubeObject } from 'cdk8s-kserve/api';
import type { KubeApi } from '../../src/kube/kube-api';
import { KubeApiError } from '../../src/kube/kube-api-error';
import { SecretForbidden, SecretLookup } from '../../src/reconcilers/secret-lookup';
import { FakeClock } from '../support/fake-clock';

const secret: KubeObject = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys', namespace: 'ns' }, data: { AWS_ACCESS_KEY_ID: 'c2VjcmV0' } };

function lookup(answer: () => KubeObject | undefined): { readonly secrets: SecretLookup; readonly reads: string[]; readonly clock: FakeClock } {
  const reads: string[] = [];
  const clock = new FakeClock();
  const api: Pick<KubeApi, 'get'> = {
    get: (ref) => {
      reads.push(`${ref.namespace ?? ''}/${ref.name}`);
      return new Promise((resolve) => resolve(answer()));
    },
  };
  return { secrets: new SecretLookup(api as KubeApi, clock), reads, clock };
}

describe('looking at a secret', () => {
  it('gives its keys and never a value', async () => {
    const facts = await lookup(() => secret).secrets.find('ns', 'keys');
    expect(facts).toEqual({ namespace: 'ns', name: 'keys', annotations: {}, keys: ['AWS_ACCESS_KEY_ID'] });
    expect(JSON.stringify(facts)).not.toContain('c2VjcmV0');
  });

  it('costs one read for a burst of services, and sees a change soon', async () => {
    const answers = [undefined, secret];
    const { secrets, reads, clock } = lookup(() => answers.shift());
    expect(await Promise.all([secrets.find('ns', 'keys'), secrets.find('ns', 'keys')])).toEqual([undefined, undefined]);
    expect(reads).toEqual(['ns/keys']);
    await clock.advance(10_000);
    expect(await secrets.find('ns', 'keys')).toMatchObject({ keys: ['AWS_ACCESS_KEY_ID'] });
  });

  it('does not take one namespace for another', async () => {
    const { secrets, reads } = lookup(() => secret);
    await secrets.find('ns', 'keys');
    await secrets.find('other', 'keys');
    expect(reads).toEqual(['ns/keys', 'other/keys']);
  });

  it('says that it may not, and asks again the next time', async () => {
    const { secrets, reads } = lookup(() => {
      throw new KubeApiError({ request: 'GET secret', statusCode: 403, reason: 'Forbidden', message: 'no' });
    });
    await expect(secrets.find('ns', 'keys')).rejects.toThrow(SecretForbidden);
    await expect(secrets.find('ns', 'keys')).rejects.toThrow('may not read secret "keys" in namespace "ns"');
    expect(reads).toHaveLength(2);
  });
});
