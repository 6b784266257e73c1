import { arrayAt, objectAt, valueAt } from '../json';
import { column, textOf } from '../table/cells';
import { endpointsText, externalIp, podColumns, podWideColumns, selectorText, servicePorts } from '../table/built-in-cells';
import { eventColumns } from '../table/event-columns';
import { nodeColumns } from '../table/node-columns';
import { defaultNamespace, defaultPersistentVolumeClaim, defaultPod, defaultSecret } from './built-in-defaults';
import { define } from './define';
import {
  configMapSchema, coreEventSchema, endpointsSchema, namespaceSchema, nodeSchema, persistentVolumeClaimSchema, secretSchema, serviceAccountSchema, serviceSchema,
} from './schemas/core';
import { podSchema } from './schemas/pod';
import { serviceDefaults } from './service-defaults';
import type { ServedResource } from './served-resource';
import { validatePod, validateService } from './validate-built-in';

/** The core group. A function, since the services of each server count their own addresses. */
export function coreResources(): readonly ServedResource[] {
  return define('v1', [
    {
      plural: 'namespaces', kind: 'Namespace', schema: namespaceSchema, shortNames: ['ns'], namespaced: false, subresources: ['status'],
      applyBuiltInDefaults: defaultNamespace, selectableFields: ['status.phase'],
      columns: [column('Status', (o) => textOf(valueAt(o, 'status', 'phase')))],
    },
    {
      plural: 'pods', kind: 'Pod', schema: podSchema, shortNames: ['po'], categories: ['all'], subresources: ['status', 'log'], countsGeneration: true,
      applyBuiltInDefaults: defaultPod, validate: validatePod, columns: podColumns(), wideColumns: podWideColumns(),
      selectableFields: ['spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName', 'spec.hostNetwork', 'status.phase', 'status.podIP', 'status.nominatedNodeName'],
    },
    {
      plural: 'services', kind: 'Service', schema: serviceSchema, shortNames: ['svc'], categories: ['all'], subresources: ['status'],
      applyBuiltInDefaults: serviceDefaults(), validate: validateService, selectableFields: ['spec.clusterIP', 'spec.type'],
      columns: [
        column('Type', (o) => textOf(valueAt(o, 'spec', 'type'))),
        column('Cluster-IP', (o) => textOf(valueAt(o, 'spec', 'clusterIP'))),
        column('External-IP', externalIp),
        column('Port(s)', servicePorts),
      ],
      wideColumns: [column('Selector', (o) => selectorText(objectAt(o, 'spec', 'selector')), { wide: true })],
    },
    { plural: 'endpoints', kind: 'Endpoints', schema: endpointsSchema, shortNames: ['ep'], columns: [column('Endpoints', endpointsText)] },
    { plural: 'configmaps', kind: 'ConfigMap', schema: configMapSchema, shortNames: ['cm'], columns: [column('Data', (o) => countOf(o, 'data', 'binaryData'))] },
    {
      plural: 'secrets', kind: 'Secret', schema: secretSchema, applyBuiltInDefaults: defaultSecret, selectableFields: ['type'],
      columns: [column('Type', (o) => textOf(o['type'])), column('Data', (o) => countOf(o, 'data'))],
    },
    { plural: 'serviceaccounts', kind: 'ServiceAccount', schema: serviceAccountSchema, shortNames: ['sa'] },
    {
      plural: 'nodes', kind: 'Node', schema: nodeSchema, shortNames: ['no'], namespaced: false, subresources: ['status'], selectableFields: ['spec.unschedulable'],
      table: nodeColumns(),
    },
    {
      plural: 'persistentvolumeclaims', kind: 'PersistentVolumeClaim', schema: persistentVolumeClaimSchema, shortNames: ['pvc'], subresources: ['status'],
      applyBuiltInDefaults: defaultPersistentVolumeClaim,
      columns: [
        column('Status', (o) => textOf(valueAt(o, 'status', 'phase'))),
        column('Volume', (o) => textOf(valueAt(o, 'spec', 'volumeName'), '')),
        column('Capacity', (o) => textOf(valueAt(o, 'status', 'capacity', 'storage'), '')),
        column('Access Modes', (o) => arrayAt(o, 'status', 'accessModes').join(',')),
        column('StorageClass', (o) => textOf(valueAt(o, 'spec', 'storageClassName'), '')),
        column('VolumeAttributesClass', (o) => textOf(valueAt(o, 'spec', 'volumeAttributesClassName'), '<unset>')),
      ],
      wideColumns: [column('VolumeMode', (o) => textOf(valueAt(o, 'spec', 'volumeMode'), '<unset>'), { wide: true })],
    },
    {
      plural: 'events', kind: 'Event', schema: coreEventSchema, shortNames: ['ev'],
      selectableFields: ['involvedObject.kind', 'involvedObject.namespace', 'involvedObject.name', 'involvedObject.uid', 'involvedObject.apiVersion', 'involvedObject.fieldPath', 'reason', 'reportingComponent', 'type', 'source'],
      table: eventColumns(),
    },
  ]);
}

function countOf(object: unknown, ...fields: readonly string[]): string {
  return String(fields.reduce((sum, field) => sum + Object.keys(objectAt(object, field) ?? {}).length, 0));
}

