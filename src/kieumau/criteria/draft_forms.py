"""What people fill in to make and change drafts: is it well formed? Nothing here saves."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kieumau.criteria.form_fields import Line
from kieumau.criteria.rules import CODE
from kieumau.kernel.yamlfile import MAX_BYTES

# How workbooks begin: .xlsx is a ZIP archive, .xls an OLE document.
_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class NewDraft(forms.Form):
    """The title of a set that begins with nothing."""

    title_vi = Line(_("Title in Vietnamese"), max_length=300, required=True)
    title_en = Line(
        _("Title in English"),
        max_length=300,
        help_text=_("Left empty, the Vietnamese title stands in its place."),
    )
    code = Line(
        _("Code"),
        max_length=40,
        help_text=_("Small letters without accents, digits, hyphens. Left empty, it is made from the title."),
    )

    def clean_code(self) -> str:
        """A code as sets have them."""
        code: str = self.cleaned_data["code"]
        if code and not CODE.fullmatch(code):
            raise forms.ValidationError(_("Only a–z, 0–9 and hyphens, for example phuong-dien-hinh-2027."))
        return code


class Upload(forms.Form):
    """A file that becomes a draft; `cleaned_data["file"]` is its text, not a byte changed."""

    file = forms.FileField(
        label=_("YAML file"),
        help_text=_("A file that was downloaded here or written by hand (.yaml, at most 2 MB)."),
    )

    def clean_file(self) -> str:
        """The text of the file."""
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        content = upload.read()
        if content.startswith(_EXCEL):
            raise forms.ValidationError(
                _("This is an Excel file; needed is the YAML file that was downloaded from this page.")
            )
        try:
            return str(content, "utf-8")
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is not UTF-8 text. Save it again as UTF-8.")) from None
