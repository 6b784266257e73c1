import { IsvcError } from '../api';

/** What placeholders may name: the service's metadata and, for hosts, the domain. */
export type TemplateData = Readonly<Record<string, string | Readonly<Record<string, string>> | undefined>>;

const ACTION = /\{\{-?\s*(.*?)\s*-?\}\}/g;
const FIELD = /^\.([A-Za-z_]\w*)(?:\.([A-Za-z_][\w-]*))?$/;
const INDEX = /^index\s+\.([A-Za-z_]\w*)\s+"([^"]+)"$/;

/**
 * Expands the Go template subset that runtimes and domain templates use: `{{.Name}}`, `{{ .Labels.team }}` and
 * `{{ index .Annotations "a.b/c" }}`. A missing map key renders empty, as in KServe.
 *
 * KServe differs: values are not HTML-escaped; upstream turns `&` and quotes in an argument into entities.
 *
 * @throws IsvcError ISVC_RENDER_INVALID_RUNTIME for an action or a field that does not exist.
 */
export function expandTemplate(text: string, data: TemplateData): string {
  if (!text.includes('{{')) return text;
  return text.replace(ACTION, (_, action: string) => {
    const field = FIELD.exec(action) ?? INDEX.exec(action);
    const [, root = '', key] = field ?? [];
    const value = data[root];
    if (!field || value === undefined) {
      throw new IsvcError('ISVC_RENDER_INVALID_RUNTIME', `placeholder "{{${action}}}" is not known`, {
        hint: `allowed are ${Object.keys(data).map((k) => `.${k}`).join(', ')} and index .Labels "key"`,
      });
    }
    if (typeof value === 'string') return value;
    return key === undefined ? '' : (value[key] ?? '');
  });
}

/** Expands every string inside a JSON value. What holds no placeholder is given back as it is, not copied. */
export function expandDeep<T>(value: T, data: TemplateData): T {
  if (typeof value === 'string') return expandTemplate(value, data) as T;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const expanded = items.map((item) => expandDeep(item, data));
    return expanded.some((item, index) => item !== items[index]) ? (expanded as T) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Readonly<Record<string, unknown>>;
  let copy: Record<string, unknown> | undefined;
  for (const [key, item] of Object.entries(fields)) {
    const expanded = expandDeep(item, data);
    if (expanded === item) continue;
    copy ??= { ...fields };
    copy[key] = expanded;
  }
  return (copy as T | undefined) ?? value;
}
