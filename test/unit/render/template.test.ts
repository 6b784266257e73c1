import { expandDeep, expandTemplate } from '../../../src/render/template';

const data = { Name: 'iris', Namespace: 'ns', Labels: { team: 'a&b', 'x.y/z': 'deep' }, Annotations: {} };

describe('expandTemplate', () => {
  it.each([
    ['--model_name={{.Name}}', '--model_name=iris'],
    ['{{ .Name }}-{{ .Namespace }}', 'iris-ns'],
    ['{{.Labels.team}}', 'a&b'],
    ['{{ index .Labels "x.y/z" }}', 'deep'],
    ['{{.Annotations.missing}}', ''],
    ['{{- .Name -}}', 'iris'],
    ['no placeholder', 'no placeholder'],
  ])('%s becomes %s', (text, expected) => expect(expandTemplate(text, data)).toBe(expected));

  it.each(['{{.Nam}}', '{{ printf "%s" .Name }}', '{{}}'])('refuses %s and names what is allowed', (text) => {
    expect(() => expandTemplate(text, data)).toThrow(expect.objectContaining({ code: 'ISVC_RENDER_INVALID_RUNTIME', hint: expect.stringContaining('.Name') as string }) as Error);
  });
});

describe('expandDeep', () => {
  it('expands strings wherever they are and keeps other values', () => {
    expect(expandDeep({ args: ['{{.Name}}'], port: 8080, nested: { on: true, name: '{{.Namespace}}' } }, data)).toEqual({
      args: ['iris'], port: 8080, nested: { on: true, name: 'ns' },
    });
  });
});
