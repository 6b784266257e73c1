import { arrayAt, stringAt } from '../json';
import { column, jsonPathColumn } from '../table/cells';
import { define } from './define';
import { gatewayClassSchema, gatewaySchema, httpRouteSchema } from './schemas/gateway';
import type { ServedResource } from './served-resource';

/** Gateway API, as if its CRDs were installed. */
export function gatewayResources(): readonly ServedResource[] {
  return define('gateway.networking.k8s.io/v1', [
    {
      plural: 'gatewayclasses', kind: 'GatewayClass', schema: gatewayClassSchema, shortNames: ['gc'], categories: ['gateway-api'], namespaced: false, subresources: ['status'],
      custom: true, countsGeneration: true,
      columns: [
        jsonPathColumn({ name: 'Controller', type: 'string', jsonPath: '.spec.controllerName' }),
        jsonPathColumn({ name: 'Accepted', type: 'string', jsonPath: '.status.conditions[?(@.type=="Accepted")].status' }),
      ],
    },
    {
      plural: 'gateways', kind: 'Gateway', schema: gatewaySchema, shortNames: ['gtw'], categories: ['gateway-api'], subresources: ['status'], custom: true, countsGeneration: true,
      columns: [
        jsonPathColumn({ name: 'Class', type: 'string', jsonPath: '.spec.gatewayClassName' }),
        column('Address', (o) => arrayAt(o, 'status', 'addresses').map((a) => stringAt(a, 'value') ?? '').join(',')),
        jsonPathColumn({ name: 'Programmed', type: 'string', jsonPath: '.status.conditions[?(@.type=="Programmed")].status' }),
      ],
    },
    {
      plural: 'httproutes', kind: 'HTTPRoute', schema: httpRouteSchema, categories: ['gateway-api'], subresources: ['status'], custom: true, countsGeneration: true,
      columns: [jsonPathColumn({ name: 'Hostnames', type: 'string', jsonPath: '.spec.hostnames' })],
    },
  ]);
}
