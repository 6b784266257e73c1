/** Script of the try-it page: plain JavaScript of the browser, no library, nothing from elsewhere. */
export const PAGE_SCRIPT = `
'use strict';
const $ = (id) => document.getElementById(id);
const make = (tag, props, ...children) => { const node = Object.assign(document.createElement(tag), props); node.append(...children); return node; };
const NUMBERS = /^(FP|INT|UINT)/, MAX_CELLS = 64;
let metadata;

function headers(body) {
  const token = $('token').value.trim();
  return { ...(body ? { 'content-type': 'application/json' } : {}), ...(token ? { authorization: 'Bearer ' + token } : {}) };
}
async function get(path) {
  const answer = await fetch(path, { headers: headers() });
  if (!answer.ok) throw new Error(path + ' answered ' + answer.status + (answer.status === 401 ? ': enter a token' : ''));
  return answer.json();
}
function fail(error) { $('note').textContent = error.message; $('note').className = 'bad'; }

async function loadModels() {
  try {
    const { models } = await get('v2/models');
    $('model').replaceChildren(...models.map((name) => make('option', { value: name, textContent: name })));
    $('note').textContent = models.length ? '' : 'This server has no models.';
    $('note').className = 'quiet';
    if (models.length) await loadModel();
  } catch (error) { fail(error); }
}
async function loadModel() {
  try {
    metadata = await get('v2/models/' + encodeURIComponent($('model').value));
    $('platform').textContent = metadata.platform;
    const inputs = metadata.inputs.length ? metadata.inputs : [{ name: 'instances', datatype: '', shape: [] }];
    if (!metadata.inputs.length) $('protocol').value = 'v1';
    $('inputs').replaceChildren(...inputs.map(fieldOf));
    preview();
  } catch (error) { fail(error); }
}
function fieldOf(spec) {
  const width = spec.shape[1];
  const legend = make('legend', {}, spec.name + ' ', make('small', { textContent: spec.datatype + (spec.shape.length ? ' [' + spec.shape.join(', ') + ']' : '') }));
  const field = make('fieldset', {}, legend);
  field.spec = spec;
  if (spec.shape.length === 2 && width > 0 && width <= MAX_CELLS) {
    const addRow = () => field.insertBefore(make('div', { className: 'row' }, ...Array.from({ length: width }, (_, i) => make('input', { value: NUMBERS.test(spec.datatype) ? '0' : '', ariaLabel: spec.name + ' column ' + (i + 1) }))), more);
    const more = make('button', { type: 'button', textContent: 'Add a row', onclick: () => { addRow(); preview(); } });
    field.append(more);
    addRow();
  } else {
    const sides = spec.shape.map((side) => (side < 0 ? 1 : side));
    field.append(make('textarea', { value: JSON.stringify(sample(sides.length ? sides : [1], spec.datatype)), ariaLabel: spec.name + ' as JSON' }));
  }
  return field;
}
function sample([side, ...inner], datatype) {
  const leaf = datatype === 'BYTES' || datatype === '' ? 'text' : datatype === 'BOOL' ? true : 0;
  return Array.from({ length: Math.min(side, 1024) }, () => (inner.length ? sample(inner, datatype) : leaf));
}
function valueOf(text, datatype) {
  if (!NUMBERS.test(datatype)) return datatype === 'BOOL' ? text === 'true' : text;
  return text.trim() === '' ? null : Number(text);
}
function rowsOf(field) {
  const area = field.querySelector('textarea');
  if (area) return JSON.parse(area.value);
  return [...field.querySelectorAll('.row')].map((row) => [...row.children].map((cell) => valueOf(cell.value, field.spec.datatype)));
}
function shapeOf(value) { return Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : []; }
function request() {
  const fields = [...$('inputs').children];
  const name = encodeURIComponent(metadata.name);
  if ($('protocol').value === 'v1') {
    const columns = fields.map(rowsOf);
    const instances = fields.length === 1 ? columns[0] : columns[0].map((_, i) => Object.fromEntries(fields.map((field, f) => [field.spec.name, columns[f][i]])));
    return { path: 'v1/models/' + name + ':predict', body: JSON.stringify({ instances }) };
  }
  const inputs = fields.map((field) => { const rows = rowsOf(field); return { name: field.spec.name, datatype: field.spec.datatype || 'BYTES', shape: shapeOf(rows), data: rows.flat(Infinity) }; });
  return { path: 'v2/models/' + name + '/infer', body: JSON.stringify({ inputs }) };
}
function preview() {
  try {
    const { path, body } = request();
    const quoted = body.replaceAll("'", "'\\\\''");
    $('request').textContent = 'POST /' + path + '\\n' + body;
    $('curl').textContent = "curl " + new URL(path, location.href) + " -H 'content-type: application/json'" + ($('token').value ? " -H \\"authorization: Bearer $TOKEN\\"" : '') + " -d '" + quoted + "'";
    $('note').textContent = '';
    return true;
  } catch (error) { fail(error); return false; }
}
async function send(event) {
  event.preventDefault();
  if (!preview()) return;
  const { path, body } = request();
  const start = performance.now();
  try {
    const answer = await fetch(path, { method: 'POST', headers: headers(true), body });
    const text = await answer.text();
    $('status').textContent = answer.status + ' in ' + (performance.now() - start).toFixed(1) + ' ms, request ' + (answer.headers.get('x-request-id') ?? '');
    $('status').className = answer.ok ? 'quiet' : 'bad';
    try { $('response').textContent = JSON.stringify(JSON.parse(text), null, 2); } catch { $('response').textContent = text; }
  } catch (error) { $('status').textContent = error.message; $('status').className = 'bad'; }
}
$('form').addEventListener('submit', send);
$('form').addEventListener('input', (event) => { if (event.target.id !== 'model' && event.target.id !== 'token') preview(); });
$('model').addEventListener('change', loadModel);
$('token').addEventListener('change', loadModels);
$('copy').addEventListener('click', () => navigator.clipboard?.writeText($('curl').textContent));
loadModels();
`;
