import type { KubeObject } from 'cdk8s-kserve/api';
import { silentLog } from '../../src/engine/log';
import { KubeApiError } from '../../src/kube/kube-api-error';
import { untilNamespaceLeaves } from '../../src/reconcilers/leaving-namespace';
import { widget } from '../support/scripted-kube-api';

const KEY = 'default/w';
const signal = new AbortController().signal;
const going = new KubeApiError({ request: 'PATCH', statusCode: 403, reason: 'Forbidden', details: { causes: [{ reason: 'NamespaceTerminating' }] } });

function looks(): { readonly owner: (uid: string, more?: object) => void; readonly gone: () => void; readonly look: () => Promise<number>; fails: Error | undefined } {
  let owner: KubeObject | undefined;
  let count = 0;
  const state = {
    owner: (uid: string, more: object = {}) => {
      owner = { ...widget('w', '1'), metadata: { ...widget('w', '1').metadata, uid, ...more } };
    },
    gone: () => {
      owner = undefined;
    },
    look: async () => {
      await reconcile(KEY, signal);
      return count;
    },
    fails: undefined as Error | undefined,
  };
  const reconcile = untilNamespaceLeaves(() => {
    count += 1;
    return state.fails ? Promise.reject(state.fails) : Promise.resolve({});
  }, () => owner, silentLog);
  return state;
}

test('an owner is left alone once its namespace goes, until its own deletion begins', async () => {
  const w = looks();
  w.owner('one');
  w.fails = going;
  expect(await w.look()).toBe(1);
  w.fails = undefined;
  expect(await w.look()).toBe(1);
  w.owner('one', { deletionTimestamp: '2026-11-21T18:00:00Z' });
  expect(await w.look()).toBe(2);
});

test('one of the same name in a namespace that came back is looked at', async () => {
  const w = looks();
  w.owner('one');
  w.fails = going;
  await w.look();
  w.fails = undefined;
  w.owner('two');
  expect(await w.look()).toBe(2);
  w.gone();
  expect(await w.look()).toBe(3);
});

test('another refusal is no reason to stop', async () => {
  const w = looks();
  w.owner('one');
  w.fails = new KubeApiError({ request: 'PATCH', statusCode: 403, reason: 'Forbidden', details: { causes: [{ reason: 'Quota' }] } });
  await expect(w.look()).rejects.toThrow('403');
  w.fails = undefined;
  expect(await w.look()).toBe(2);
});
