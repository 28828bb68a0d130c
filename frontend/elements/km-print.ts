// <km-print label="Print"> around what tells people without script how to print: a button in its place.

class Print extends HTMLElement {
    connectedCallback(): void {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-primary";
        button.textContent = this.getAttribute("label") ?? "";
        button.addEventListener("click", () => window.print());
        this.replaceChildren(button);
    }
}

customElements.define("km-print", Print);
