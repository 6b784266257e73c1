import { CEL_RULES, withCelRules } from './cel-rules';
import { KINDS, type KindDefinition } from './kinds';
import { forCrd, obj, str } from './schema/build';
import type { KubeObject } from './k8s/object';

/** The CustomResourceDefinition of one kind, as `crds/` holds it. */
export function customResourceDefinition(definition: KindDefinition): KubeObject {
  const { group, version, kind, plural, singular, shortNames, namespaced, spec, status, beside, printerColumns } = definition;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular, ...(shortNames.length > 0 ? { shortNames } : {}) },
      scope: namespaced ? 'Namespaced' : 'Cluster',
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          ...(status ? { subresources: { status: {} } } : {}),
          additionalPrinterColumns: printerColumns,
          schema: {
            openAPIV3Schema: withCelRules(obj(
              {
                apiVersion: str(),
                kind: str(),
                metadata: { type: 'object' },
                spec: forCrd(spec),
                ...beside,
                ...(status ? { status: forCrd(status) } : {}),
              },
              { required: ['spec'], ...(spec.description === undefined ? {} : { description: spec.description }) },
            ), CEL_RULES[kind] ?? []),
          },
        },
      ],
    },
  };
}

/** All CRDs of this project. */
export function customResourceDefinitions(): readonly KubeObject[] {
  return KINDS.map(customResourceDefinition);
}
