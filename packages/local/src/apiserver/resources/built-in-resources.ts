import { arrayAt, numberAt, objectAt, stringAt, valueAt } from '../json';
import { containerNames, images, selectorText } from '../table/built-in-cells';
import { column, nameColumn, textOf } from '../table/cells';
import { eventColumns } from '../table/event-columns';
import { autoscalerResources } from './autoscaler-resources';
import { defaultDeployment, defaultReplicaSet } from './built-in-defaults';
import { coreResources } from './core-resources';
import { define } from './define';
import { toCoreGroup, toEventsGroup } from './event-conversion';
import { gatewayResources } from './gateway-resources';
import { knativeResources } from './knative-resources';
import { endpointSliceSchema, eventsGroupSchema, ingressSchema, leaseSchema } from './schemas/core';
import { customResourceDefinitionSchema } from './schemas/extensions';
import { deploymentSchema, podDisruptionBudgetSchema, replicaSetSchema } from './schemas/workloads';
import type { ServedResource } from './served-resource';
import { validateCrd } from './validate-crd';
import { validateWorkload } from './validate-built-in';

/** APIs that a cluster may lack. */
export type ApiSet = 'gateway' | 'knative';

/** Everything that is served without a CRD. @param apis The optional APIs; all of them by default. */
export function builtInResources(apis: readonly ApiSet[] = ['gateway', 'knative']): readonly ServedResource[] {
  return [
    ...coreResources(),
    ...define('apps/v1', [
      {
        plural: 'deployments', kind: 'Deployment', schema: deploymentSchema, shortNames: ['deploy'], categories: ['all'], subresources: ['status', 'scale'], countsGeneration: true,
        applyBuiltInDefaults: defaultDeployment, validate: validateWorkload,
        columns: [
          column('Ready', (o) => `${numberAt(o, 'status', 'readyReplicas') ?? 0}/${numberAt(o, 'spec', 'replicas') ?? 0}`),
          column('Up-to-date', (o) => numberAt(o, 'status', 'updatedReplicas') ?? 0, { type: 'integer' }),
          column('Available', (o) => numberAt(o, 'status', 'availableReplicas') ?? 0, { type: 'integer' }),
        ],
        wideColumns: WORKLOAD_WIDE,
      },
      {
        plural: 'replicasets', kind: 'ReplicaSet', schema: replicaSetSchema, shortNames: ['rs'], categories: ['all'], subresources: ['status', 'scale'], countsGeneration: true,
        applyBuiltInDefaults: defaultReplicaSet, validate: validateWorkload, selectableFields: ['status.replicas'],
        columns: [
          column('Desired', (o) => numberAt(o, 'spec', 'replicas') ?? 0, { type: 'integer' }),
          column('Current', (o) => numberAt(o, 'status', 'replicas') ?? 0, { type: 'integer' }),
          column('Ready', (o) => numberAt(o, 'status', 'readyReplicas') ?? 0, { type: 'integer' }),
        ],
        wideColumns: WORKLOAD_WIDE,
      },
    ]),
    ...autoscalerResources(),
    ...define('policy/v1', [{
      plural: 'poddisruptionbudgets', kind: 'PodDisruptionBudget', schema: podDisruptionBudgetSchema, shortNames: ['pdb'], subresources: ['status'], countsGeneration: true,
      columns: [
        column('Min Available', (o) => textOf(valueAt(o, 'spec', 'minAvailable'), 'N/A')),
        column('Max Unavailable', (o) => textOf(valueAt(o, 'spec', 'maxUnavailable'), 'N/A')),
        column('Allowed Disruptions', (o) => numberAt(o, 'status', 'disruptionsAllowed') ?? 0, { type: 'integer' }),
      ],
    }]),
    ...define('discovery.k8s.io/v1', [{
      plural: 'endpointslices', kind: 'EndpointSlice', schema: endpointSliceSchema, countsGeneration: true,
      columns: [
        column('AddressType', (o) => textOf(o['addressType'])),
        column('Ports', (o) => textOf(arrayAt(o, 'ports').map((port) => String(valueAt(port, 'port'))).join(','), '<unset>')),
        column('Endpoints', (o) => textOf(arrayAt(o, 'endpoints').flatMap((e) => arrayAt(e, 'addresses')).join(','), '<unset>')),
      ],
    }]),
    ...define('coordination.k8s.io/v1', [{ plural: 'leases', kind: 'Lease', schema: leaseSchema, columns: [column('Holder', (o) => textOf(valueAt(o, 'spec', 'holderIdentity'), ''))] }]),
    ...define('events.k8s.io/v1', [{
      plural: 'events', kind: 'Event', schema: eventsGroupSchema, shortNames: ['ev'], storedAs: { apiVersion: 'v1', group: '', fromStored: toEventsGroup, toStored: toCoreGroup },
      selectableFields: ['regarding.kind', 'regarding.name', 'regarding.namespace', 'regarding.uid', 'reason', 'type'],
      table: eventColumns(toCoreGroup),
    }]),
    ...define('networking.k8s.io/v1', [{
      plural: 'ingresses', kind: 'Ingress', schema: ingressSchema, shortNames: ['ing'], subresources: ['status'], countsGeneration: true,
      columns: [
        column('Class', (o) => textOf(valueAt(o, 'spec', 'ingressClassName'))),
        column('Hosts', (o) => textOf(arrayAt(o, 'spec', 'rules').map((rule) => stringAt(rule, 'host') ?? '*').join(','), '*')),
        column('Address', (o) => arrayAt(o, 'status', 'loadBalancer', 'ingress').map((i) => stringAt(i, 'ip') ?? stringAt(i, 'hostname') ?? '').join(',')),
        column('Ports', (o) => (arrayAt(o, 'spec', 'tls').length > 0 ? '80, 443' : '80')),
      ],
    }]),
    ...define('apiextensions.k8s.io/v1', [{
      plural: 'customresourcedefinitions', kind: 'CustomResourceDefinition', schema: customResourceDefinitionSchema, shortNames: ['crd', 'crds'], categories: ['api-extensions'],
      namespaced: false, subresources: ['status'], countsGeneration: true, validate: validateCrd,
      table: [nameColumn(), { ...column('Created At', (o) => o.metadata.creationTimestamp), type: 'date' }],
    }]),
    ...(apis.includes('gateway') ? gatewayResources() : []),
    ...(apis.includes('knative') ? knativeResources() : []),
  ];
}

const WORKLOAD_WIDE = [
  column('Containers', containerNames, { wide: true }),
  column('Images', images, { wide: true }),
  column('Selector', (o) => selectorText(objectAt(o, 'spec', 'selector', 'matchLabels')), { wide: true }),
];
