// <km-busy-form busy="Judging…"> around a form whose answer takes a second or two, or around a part of one that
// is sent by a button of its own: once that is sent, the button says so and cannot be pressed again. A page
// that comes back from the browser's memory is as before.

/** A form that says that its answer is on the way. */
class BusyForm extends HTMLElement {
    connectedCallback(): void {
        document.addEventListener("submit", this.#sent);
        window.addEventListener("pageshow", this.#ready);
    }

    disconnectedCallback(): void {
        document.removeEventListener("submit", this.#sent);
        window.removeEventListener("pageshow", this.#ready);
    }

    readonly #sent = (event: SubmitEvent): void => {
        const isOurs = [event.target, event.submitter].some((one) => one instanceof Node && this.contains(one));
        if (isOurs) setTimeout(() => this.#wait());
    };

    #button(): HTMLButtonElement | null {
        return this.querySelector<HTMLButtonElement>("button:not([type=button])");
    }

    #wait(): void {
        const button = this.#button();
        if (button === null || button.disabled) return;
        button.dataset["ready"] = button.textContent ?? "";
        button.textContent = this.getAttribute("busy") ?? button.textContent;
        button.disabled = true;
        this.setAttribute("aria-busy", "true");
    }

    readonly #ready = (): void => {
        const button = this.#button();
        const words = button?.dataset["ready"];
        if (button === null || words === undefined) return;
        button.textContent = words;
        button.disabled = false;
        this.removeAttribute("aria-busy");
    };
}

customElements.define("km-busy-form", BusyForm);
