import type { KubeObject } from 'cdk8s-kserve/api';
import { replacedScalers, waitsForScaler, wakingReplicas } from '../../src/reconcilers/scaler-switch';

const hpa = (name: string): KubeObject => ({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name }, spec: { minReplicas: 2 } });
const scaledObject = (name: string): KubeObject => ({ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name } });
const deployment = (replicas?: number): KubeObject => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec: { replicas } });

test('an autoscaler is replaced by one of another kind and the same name', () => {
  const owned = [hpa('a'), hpa('b'), deployment()];
  const replaced = replacedScalers([scaledObject('a'), hpa('b'), deployment()], owned);
  expect(replaced).toEqual([hpa('a')]);
  expect(waitsForScaler(scaledObject('a'), replaced)).toBe(true);
  expect([hpa('b'), deployment()].some((child) => waitsForScaler(child, replaced))).toBe(false);
});

test('one that only goes is nobody to wait for', () => {
  expect(replacedScalers([deployment()], [hpa('a')])).toEqual([]);
});

test.each([
  ['an HPA of a Deployment at zero', hpa('a'), deployment(0), 2],
  ['an HPA of a Deployment that has pods', hpa('a'), deployment(1), undefined],
  ['an HPA of a Deployment that says nothing', hpa('a'), deployment(), undefined],
  ['an HPA of nothing yet', hpa('a'), undefined, undefined],
  ['a ScaledObject, which may keep it at zero', scaledObject('a'), deployment(0), undefined],
] as const)('%s', (_name, scaler, target, expected) => {
  expect(wakingReplicas(scaler, target)).toBe(expected);
});
