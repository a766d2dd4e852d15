"""The pages of an upload, mounted at /admin/imports/upload/."""

from django.urls import path

from apps.imports import views

urlpatterns = [
    path("", views.choose, name="upload-choose"),
    path("<int:pk>/", views.open_upload, name="upload"),
    path("<int:pk>/understood/", views.understood, name="upload-understood"),
    path("<int:pk>/preview/", views.preview, name="upload-preview"),
    path("<int:pk>/running/", views.progress, name="upload-running"),
    path("<int:pk>/done/", views.done, name="upload-done"),
    path("<int:pk>/cancel/", views.cancel, name="upload-cancel"),
    path("<int:pk>/rejected.csv", views.rejected, name="upload-rejected"),
]
