import { Chart, Testing } from 'cdk8s';
import type { KubeObject } from '../../../src/api';

export function newChart(namespace = 'team'): Chart {
  return new Chart(Testing.app(), 'chart', { namespace });
}

export function synth(chart: Chart): readonly KubeObject[] {
  return Testing.synth(chart) as KubeObject[];
}

export function ofKind(objects: readonly KubeObject[], kind: string): readonly KubeObject[] {
  return objects.filter((o) => o.kind === kind);
}
