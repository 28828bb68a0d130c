// <km-editor language="formula" | "yaml" check-url="…" words-url="…" nonce="…"> around a <textarea>; the
// template criteria/editor.html writes it.
//
// Without script the textarea stays as it is. With it an editor takes its place, and the textarea, hidden,
// keeps the same text and says `input` when it changes, so that a form sends what it always sent. The editor
// itself is a chunk of its own.

/** Where a person writes a formula or a criteria set. */
class Editor extends HTMLElement {
    #isBuilt = false;

    connectedCallback(): void {
        const area = this.querySelector("textarea");
        if (area === null || this.#isBuilt) return;
        this.#isBuilt = true;
        void import("../editor/mount").then(({ mount }) => mount(this, area));
    }
}

customElements.define("km-editor", Editor);
