"""What a form says of itself, as a person reads it in Vietnamese."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import override

# A field, what was typed, what is said.
SAID = [
    (forms.CharField(), "", "Cần điền mục này."),
    (forms.IntegerField(), "mười", "Nhập số nguyên."),
    (forms.DecimalField(), "mười", "Nhập một số."),
    (forms.IntegerField(max_value=200), "201", "Nhiều nhất là 200."),
    (forms.IntegerField(min_value=1), "0", "Ít nhất là 1."),
    (forms.DateField(), "32/12/2026", "Nhập một ngày có thật."),
    (forms.CharField(max_length=5), "quá dài", "Nhiều nhất 5 ký tự (đang có 7)."),
    (forms.CharField(min_length=9), "ngắn", "Ít nhất 9 ký tự (đang có 4)."),
    (forms.CharField(), "a\x00", "Không dùng ký tự rỗng."),
    (forms.ChoiceField(choices=[("a", "A")]), "b", "“b” không có trong danh sách."),
    (forms.EmailField(), "a@", "Nhập địa chỉ thư điện tử đúng dạng."),
]


@pytest.mark.parametrize(("field", "typed", "said"), SAID, ids=[said for _, _, said in SAID])
def test_it_is_said_in_vietnamese(field: forms.Field, typed: str, said: str) -> None:
    with override("vi"), pytest.raises(ValidationError) as refused:
        field.clean(typed)
    with override("vi"):
        assert refused.value.messages == [said]
