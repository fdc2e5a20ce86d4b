"""Tomcat: an endpoint whose one thread sends each message to every session in turn, by the blocking API."""

from ..peer import BLOCKS, DISCONNECTS
from .app import App

APP = App(
    name="tomcat",
    setup="apt-get install -y tomcat10 default-jdk-headless",
    programs=("java", "javac", "/usr/share/tomcat10/lib/tomcat-websocket.jar"),
    start=(
        "D=$PWD/tomcat-$PORT; rm -rf $D; mkdir -p $D/conf $D/logs $D/temp $D/webapps/ROOT/WEB-INF/classes; "
        "javac -cp '/usr/share/tomcat10/lib/*' -d $D/webapps/ROOT/WEB-INF/classes $APPS/scripts/Prices.java && cp /etc/tomcat10/web.xml $D/conf/ && "
        'printf \'<Server port="-1"><Service name="Catalina"><Connector address="127.0.0.1" port="%s"/>'
        '<Engine name="Catalina" defaultHost="localhost"><Host name="localhost" appBase="webapps"/></Engine>'
        "</Service></Server>' $PORT > $D/conf/server.xml && "
        "exec java -cp /usr/share/tomcat10/bin/bootstrap.jar:/usr/share/tomcat10/bin/tomcat-juli.jar -Dcatalina.home=/usr/share/tomcat10 "
        "-Dcatalina.base=$D -Djava.io.tmpdir=$D/temp org.apache.catalina.startup.Bootstrap start"
    ),
    path="/prices",
    outcome=DISCONNECTS,
    stalled_s_min=20,
    until_then=BLOCKS,
    reason="sendText() waits for BLOCKING_SEND_TIMEOUT, 20 s, for the client's socket, and then closes it",
    source="tomcat.apache.org, 'WebSocket How-To', 'Application development'; Constants.DEFAULT_BLOCKING_SEND_TIMEOUT",
)
