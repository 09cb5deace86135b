from hailo_platform import VDevice


def start():
    global device
    device = VDevice()


def handle(request):
    return {}
