import { CLUSTER_RULES, OWN_NAMESPACE_RULES, SERVICE_RULES } from 'cdk8s-kserve/api';
import { WATCHED_KINDS } from '../../src/reconcilers/watched-kinds';

const rules = [...SERVICE_RULES, ...CLUSTER_RULES, ...OWN_NAMESPACE_RULES];

function verbsOn(apiVersion: string, kind: string): readonly string[] {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  const plural = `${kind.toLowerCase().replace(/s$/, 'se')}s`.replace(/yses$|ys$/, 'ies');
  return rules.filter((r) => r.apiGroups.includes(group) && r.resources.some((name) => name === plural || name === `${kind.toLowerCase()}s` || name === `${kind.toLowerCase()}es`)).flatMap((r) => r.verbs);
}

describe('the permissions of the controller', () => {
  it.each(WATCHED_KINDS.map((k) => [k.apiVersion, k.kind, k.role] as const))('let it watch %s %s (%s)', (apiVersion, kind) => {
    expect(verbsOn(apiVersion, kind)).toEqual(expect.arrayContaining(['get', 'list', 'watch']));
    expect(verbsOn(apiVersion, kind).includes('delete')).toBe(WATCHED_KINDS.some((k) => k.apiVersion === apiVersion && k.kind === kind && k.role === 'child'));
  });

  it('never let it list or write secrets', () => {
    expect(rules.filter((r) => r.resources.includes('secrets')).map((r) => r.verbs)).toEqual([['get']]);
  });

  it('hold no wildcard', () => {
    expect(rules.flatMap((r) => [...r.apiGroups, ...r.resources, ...r.verbs])).not.toContain('*');
  });
});
