"""Thông báo: what people are told, in the inbox first and by mail second."""
