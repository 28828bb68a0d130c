// What elements need to know of the page they stand on.

/** The language of the page: Vietnamese, or English where a person chose it. */
export const language: "vi" | "en" = document.documentElement.lang.startsWith("en") ? "en" : "vi";

/** The token that Django wants with everything that is sent; every page has a form that holds one. */
export function csrfToken(): string {
    return document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** Calls `work` once nothing was asked for `wait` milliseconds. */
export function debounced(wait: number, work: () => void): () => void {
    let timer = 0;
    return () => {
        clearTimeout(timer);
        timer = setTimeout(work, wait);
    };
}

/** Puts fields back into a form, as they were typed; what the form has and they have not stays as it is. */
export function fill(form: HTMLFormElement, fields: readonly (readonly [string, string])[]): void {
    const values = new Map<string, string[]>();
    for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
    const places = new Map<string, number>();
    for (const field of form.elements) {
        if (field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio")) {
            field.checked = values.get(field.name)?.includes(field.value) ?? false;
        } else if (field instanceof HTMLSelectElement && field.multiple) {
            for (const option of field.options) option.selected = values.get(field.name)?.includes(option.value) ?? false;
        } else if (
            ((field instanceof HTMLInputElement && field.type !== "file") ||
                field instanceof HTMLSelectElement ||
                field instanceof HTMLTextAreaElement) &&
            field.name !== "csrfmiddlewaretoken"
        ) {
            // Fields of one name stand in the order in which they were typed.
            const place = places.get(field.name) ?? 0;
            places.set(field.name, place + 1);
            const value = values.get(field.name)?.[place];
            if (value !== undefined) field.value = value;
        }
    }
}
