import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { loadModel } from '../../../src/model/load-model';
import { tabular } from '../../../src/model/tabular';
import { openTab } from '../../support/chromium';
import { ask } from '../../support/http';
import { IRIS_SVC } from '../../support/runtime-process';
import { serve, serveModel } from '../../support/served';
import { tempFolder } from '../../support/temp-folder';

const { ISVC_CHROMIUM: CHROMIUM, ISVC_PICTURE: PICTURE } = process.env;

test('/docs is there only where it was asked for', async () => {
  expect((await ask((await serve()).port, '/docs')).status).toBe(404);
  const answer = await ask((await serve({ docs: true })).port, '/docs');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
});

test('the policy of the page allows its own style and script, and nothing else', async () => {
  const { headers, text } = await ask((await serve({ docs: true })).port, '/docs');
  const policy = headers.get('content-security-policy') ?? '';
  const hashOf = (tag: string): string => createHash('sha256').update(new RegExp(`<${tag}>([\\s\\S]*)</${tag}>`).exec(text)?.[1] ?? '').digest('base64');
  expect(policy).toContain(`style-src 'sha256-${hashOf('style')}'`);
  expect(policy).toContain(`script-src 'sha256-${hashOf('script')}'`);
  expect(policy).toContain("default-src 'none'");
  expect(text).not.toMatch(/(src|href)=|url\(|@import|\son\w+=/);
  expect(() => new Script(/<script>([\s\S]*)<\/script>/.exec(text)?.[1] ?? '(')).not.toThrow();
});

test('the page is open where requests need a token, the models are not', async () => {
  const { port } = await serve({ docs: true, bearerTokenFile: `${tempFolder({ token: 't' })}/token` });
  expect([(await ask(port, '/docs')).status, (await ask(port, '/v2/models')).status, (await ask(port, '/openapi.json')).status]).toEqual([200, 401, 401]);
});

test('/openapi.json describes paths that answer, for the models that are there', async () => {
  const { port } = await serve();
  const document = (await ask(port, '/openapi.json')).json() as { openapi: string; paths: Record<string, Record<string, { parameters?: { schema: { enum?: string[] } }[] }>>; components: { schemas: object } };
  expect(document.openapi).toBe('3.1.0');
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of Object.keys(operations)) {
      const answer = await ask(port, path.replace('{model_name}', 'sk'), method === 'post' ? { body: '{}' } : {});
      if ([404, 405, 500].includes(answer.status)) throw new Error(`${method} ${path} answered ${answer.status}`);
    }
  }
  expect(document.paths['/v2/models/{model_name}/infer']?.['post']?.parameters?.[0]?.schema.enum).toEqual(['sk']);
  const used = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]);
  expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([...new Set(used)]));
});

(CHROMIUM ? describe : describe.skip)('in Chromium (ISVC_CHROMIUM names it)', () => {
  test('the form follows the model, sends a request and shows answer, time and a curl line', async () => {
    const { port } = await serveModel(tabular(await loadModel(IRIS_SVC)), { docs: true, modelName: 'iris' });
    const tab = await openTab(CHROMIUM ?? '', `http://127.0.0.1:${port}/docs`);
    const waitFor = (expression: string): Promise<unknown> =>
      tab.evaluate(`new Promise((resolve, reject) => { const end = Date.now() + 10000; const look = () => { try { if (${expression}) return resolve(true); } catch {} if (Date.now() > end) return reject(new Error('did not happen')); setTimeout(look, 20); }; look(); })`);
    try {
      await waitFor('document.querySelectorAll("#inputs .row input").length === 4');
      await tab.evaluate('document.querySelectorAll("#inputs .row input").forEach((cell, i) => { cell.value = [6.8, 2.8, 4.8, 1.4][i]; cell.dispatchEvent(new Event("input", { bubbles: true })); })');
      await tab.evaluate('document.querySelector("#form .main").click()');
      await waitFor('document.querySelector("#response").textContent.includes("outputs")');
      expect(await tab.evaluate('JSON.parse(document.querySelector("#response").textContent).outputs[0].data')).toEqual([1]);
      expect(await tab.evaluate('document.querySelector("#status").textContent')).toMatch(/^200 in [\d.]+ ms, request [0-9a-f-]{36}$/);
      expect(await tab.evaluate('document.querySelector("#curl").textContent')).toBe(
        `curl http://127.0.0.1:${port}/v2/models/iris/infer -H 'content-type: application/json' -d '{"inputs":[{"name":"input-0","datatype":"FP64","shape":[1,4],"data":[6.8,2.8,4.8,1.4]}]}'`,
      );
      const shot = (await tab.send('Page.captureScreenshot', { format: 'webp', quality: 80 })) as { data: string };
      expect(shot.data.length).toBeGreaterThan(1000);
      if (PICTURE) writeFileSync(PICTURE, Buffer.from(shot.data, 'base64'));
      await tab.evaluate('(() => { const p = document.querySelector("#protocol"); p.value = "v1"; p.dispatchEvent(new Event("input", { bubbles: true })); document.querySelector("#form .main").click(); })()');
      await waitFor('document.querySelector("#response").textContent.includes("predictions")');
      expect(await tab.evaluate('JSON.parse(document.querySelector("#response").textContent)')).toEqual({ predictions: [1] });
    } finally {
      await tab.close();
    }
  });
});
