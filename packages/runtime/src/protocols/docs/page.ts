import { createHash } from 'node:crypto';
import { PAGE_SCRIPT } from './page-script';
import { PAGE_STYLE } from './page-style';

/** The page at `/docs`. It holds nothing of the models: its script asks for them, with the token where one is needed. */
export const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Try a model</title><style>${PAGE_STYLE}</style></head>
<body>
<h1>Try a model</h1>
<form id="form">
<div class="bar">
<label>Model <select id="model"></select></label><span id="platform" class="quiet"></span>
<label>Protocol <select id="protocol"><option value="v2">V2 (Open Inference Protocol)</option><option value="v1">V1</option></select></label>
<label>Token <input id="token" type="password" autocomplete="off" placeholder="where one is needed"></label>
</div>
<div id="inputs"></div>
<div class="bar"><button class="main">Send</button><span id="note" role="status"></span></div>
</form>
<h2>Request</h2><pre id="request"></pre>
<h2>Response <span id="status" role="status" class="quiet"></span></h2><pre id="response"></pre>
<h2>The same from a shell <button id="copy" type="button">Copy</button></h2><pre id="curl"></pre>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing but this page's own style and script, and requests to this server. */
export const PAGE_POLICY = [
  "default-src 'none'", "connect-src 'self'", `style-src ${hashOf(PAGE_STYLE)}`, `script-src ${hashOf(PAGE_SCRIPT)}`, "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
].join('; ');
