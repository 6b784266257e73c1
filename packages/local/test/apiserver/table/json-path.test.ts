import { evaluateJsonPath } from '../../../src/apiserver/table/json-path';

const object = { a: { b: 1, 'x.y/z': 2 }, list: [{ type: 'Ready', status: 'True' }, { type: 'Other', status: 'False' }], n: null };

test.each<[string, unknown[]]>([
  ['.a.b', [1]], ['$.a.b', [1]], ['{.a.b}', [1]], [".a['x.y/z']", [2]], ['.a.x\\.y/z', [2]], ['.list[0].type', ['Ready']], ['.list[-1].type', ['Other']], ['.list[*].status', ['True', 'False']],
  ['.list[?(@.type=="Ready")].status', ['True']], [".list[?(@.type=='None')].status", []], ['.missing.deep', []], ['.n', []], ['.a[', []], ['.list[9]', []], ['.__proto__', []],
])('%s finds %j', (path, found) => {
  expect(evaluateJsonPath(object, path)).toEqual(found);
});
