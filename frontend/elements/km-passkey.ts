// <km-passkey> around a form with a hidden input `credential`: its button asks the browser for a passkey, puts
// the answer into the input and sends the form. What to ask for stands in a JSON script inside, or is
// fetched from `options-url`; with `making` a new passkey is made. Without script or passkeys the form stays hidden.

type Json = Record<string, unknown>;

const decoded = (text: unknown): ArrayBuffer => {
    const plain = atob(String(text).replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0)).buffer;
};

const encoded = (bytes: ArrayBuffer | null): string | null => {
    if (bytes === null) return null;
    const plain = String.fromCharCode(...new Uint8Array(bytes));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

const keys = (listed: unknown): PublicKeyCredentialDescriptor[] =>
    ((listed as Json[] | undefined) ?? []).map(
        (key) => ({ ...key, id: decoded(key["id"]) }) as unknown as PublicKeyCredentialDescriptor,
    );

/** What the server asks for, in the browser's terms. */
const asked = (options: Json): Json => {
    const wanted = { ...(options["publicKey"] as Json) };
    wanted["challenge"] = decoded(wanted["challenge"]);
    const user = wanted["user"] as Json | undefined;
    if (user) wanted["user"] = { ...user, id: decoded(user["id"]) };
    wanted["excludeCredentials"] = keys(wanted["excludeCredentials"]);
    wanted["allowCredentials"] = keys(wanted["allowCredentials"]);
    return wanted;
};

/** What the browser answered, in the server's terms. */
const answered = (made: PublicKeyCredential): Json => {
    const said = made.response;
    const response: Record<string, unknown> = { clientDataJSON: encoded(said.clientDataJSON) };
    if (said instanceof AuthenticatorAttestationResponse) {
        response["attestationObject"] = encoded(said.attestationObject);
        response["transports"] = said.getTransports();
    } else if (said instanceof AuthenticatorAssertionResponse) {
        response["authenticatorData"] = encoded(said.authenticatorData);
        response["signature"] = encoded(said.signature);
        response["userHandle"] = encoded(said.userHandle);
    }
    return {
        id: made.id,
        rawId: encoded(made.rawId),
        type: made.type,
        response,
        clientExtensionResults: made.getClientExtensionResults(),
    };
};

/** A form that is sent with a passkey. */
class Passkey extends HTMLElement {
    connectedCallback(): void {
        const form = this.querySelector("form");
        if (form === null || !("PublicKeyCredential" in window)) return;
        form.hidden = false;
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            void this.#ask(form);
        });
    }

    async #ask(form: HTMLFormElement): Promise<void> {
        const fault = form.querySelector<HTMLElement>("[role=alert]");
        if (fault) fault.hidden = true;
        try {
            const publicKey = asked(await this.#options());
            const made = this.hasAttribute("making") ? await this.#make(publicKey) : await this.#get(publicKey);
            form.querySelector<HTMLInputElement>("[name=credential]")!.value = JSON.stringify(answered(made));
            form.submit();
        } catch {
            if (fault === null) return;
            fault.textContent = this.getAttribute("failed");
            fault.hidden = false;
        }
    }

    async #options(): Promise<Json> {
        const address = this.getAttribute("options-url");
        if (address === null) return JSON.parse(this.querySelector("script")!.textContent) as Json;
        const got = await fetch(address, { headers: { Accept: "application/json" } });
        if (!got.ok) throw new Error(got.statusText);
        return ((await got.json()) as Json)["request_options"] as Json;
    }

    async #make(wanted: Json): Promise<PublicKeyCredential> {
        // A key that lets in by itself: kept on the device, and sure of its owner.
        const selection = { ...(wanted["authenticatorSelection"] as Json | undefined) };
        Object.assign(selection, { residentKey: "required", requireResidentKey: true, userVerification: "required" });
        const publicKey = { ...wanted, authenticatorSelection: selection };
        const made = await navigator.credentials.create({
            publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions,
        });
        if (!(made instanceof PublicKeyCredential)) throw new Error("none was made");
        return made;
    }

    async #get(wanted: Json): Promise<PublicKeyCredential> {
        const found = await navigator.credentials.get({
            publicKey: wanted as unknown as PublicKeyCredentialRequestOptions,
        });
        if (!(found instanceof PublicKeyCredential)) throw new Error("none was chosen");
        return found;
    }
}

customElements.define("km-passkey", Passkey);
