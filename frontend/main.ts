// The script of every page: it names the custom elements and does nothing else by itself.
//
// One file an element, `elements/<name>.ts`, imported here, which ends in `customElements.define`. An
// element stands around what works without it (a textarea, a form, a table) and makes that better. What is
// large is imported dynamically by the element that needs it, so that pages without it never load it.

import "./elements/km-editor";
import "./elements/busy-form";
import "./elements/threshold-slider";
import "./elements/autosave";
import "./elements/keep";
import "./elements/km-passkey";
import "./elements/languages";
import "./elements/km-print";
