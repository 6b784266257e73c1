/** Style of the try-it page; follows the light or dark choice of the browser. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d5d9e0, #3a404b); --soft: light-dark(#f5f6f8, #1f232b); --ink: light-dark(#1a1d23, #e7e9ee); --quiet: light-dark(#5b6472, #9aa3b2); --accent: light-dark(#1f5fd0, #7db0ff); --bad: light-dark(#b3261e, #ff8a80); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: light-dark(#fff, #15181d); }
h1 { font-size: 1.3rem; margin: 0 0 1rem; } h2 { font-size: .95rem; margin: 1.4rem 0 .4rem; }
fieldset { border: 1px solid var(--line); border-radius: 8px; margin: 0 0 1rem; padding: .8rem 1rem; }
legend { font-weight: 600; padding: 0 .4rem; } legend small { font-weight: 400; color: var(--quiet); }
label { margin-right: 1rem; } .bar { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: center; margin-bottom: 1rem; }
input, select, textarea, button { font: inherit; color: inherit; background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .3rem .5rem; }
.row { display: flex; flex-wrap: wrap; gap: .4rem; margin-bottom: .4rem; } .row input { width: 6.5rem; } textarea { width: 100%; min-height: 6rem; font-family: ui-monospace, monospace; }
button { cursor: pointer; } button.main { background: var(--accent); color: light-dark(#fff, #10131a); border-color: transparent; font-weight: 600; padding: .4rem 1.2rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 8px; padding: .7rem .9rem; margin: 0; overflow: auto; max-height: 22rem; font: 13px/1.45 ui-monospace, monospace; white-space: pre-wrap; word-break: break-word; }
.quiet { color: var(--quiet); } .bad { color: var(--bad); }
`;
