// SPDX-License-Identifier: Apache-2.0
// Says before the first paint that this browser runs modules, so that nothing jumps when they arrive.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
