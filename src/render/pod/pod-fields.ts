import type { PodFields } from '../../api';
import { podFields } from '../../api/k8s/pod-schema';

const POD_FIELD_NAMES = Object.keys(podFields);

/** The PodSpec fields among a component's or a runtime's fields. */
export function podFieldsOf(component: PodFields): PodFields {
  const fields = component as Readonly<Record<string, unknown>>;
  return Object.fromEntries(POD_FIELD_NAMES.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]));
}
