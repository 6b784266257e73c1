import type { KubeObject } from 'cdk8s-kserve/api';
import { arrayAt, stringAt, valueAt } from '../json';
import { isReady } from './built-in-cells';
import { ageColumn, column, nameColumn, textOf } from './cells';
import type { Column } from './column';

export function nodeColumns(): readonly Column[] {
  const info = (name: string, field: string): Column => column(name, (o) => textOf(valueAt(o, 'status', 'nodeInfo', field), '<unknown>'), { wide: true });
  return [
    nameColumn(),
    column('Status', nodeState),
    column('Roles', nodeRoles),
    ageColumn(),
    column('Version', (o) => textOf(valueAt(o, 'status', 'nodeInfo', 'kubeletVersion'))),
    column('Internal-IP', (o) => addressOf(o, 'InternalIP'), { wide: true }),
    column('External-IP', (o) => addressOf(o, 'ExternalIP'), { wide: true }),
    info('OS-Image', 'osImage'),
    info('Kernel-Version', 'kernelVersion'),
    info('Container-Runtime', 'containerRuntimeVersion'),
  ];
}

function nodeState(node: KubeObject): string {
  const cordoned = valueAt(node, 'spec', 'unschedulable') === true ? ',SchedulingDisabled' : '';
  return `${isReady(node) ? 'Ready' : 'NotReady'}${cordoned}`;
}

function nodeRoles(node: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(node.metadata.labels ?? {}).filter((label) => label.startsWith(prefix)).map((label) => label.slice(prefix.length));
  return roles.length === 0 ? '<none>' : roles.sort().join(',');
}

function addressOf(node: KubeObject, type: string): string {
  const address = arrayAt(node, 'status', 'addresses').find((entry) => stringAt(entry, 'type') === type);
  return textOf(stringAt(address, 'address'));
}
