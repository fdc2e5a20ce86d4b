// A WebSocket endpoint of Tomcat: one thread sends each message to every session, one after the other.
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.util.Base64;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

@ServerEndpoint("/prices")
public class Prices {
    static int setting(String name, int usual) {
        String given = System.getenv(name);
        return given == null || given.isEmpty() ? usual : Integer.parseInt(given);
    }

    static final int INTERVAL_MS = setting("STREAM_INTERVAL_MS", 2);
    static final int STREAM_BYTES = setting("STREAM_BYTES", 6680);
    static final Set<Session> SESSIONS = ConcurrentHashMap.newKeySet();

    static {
        Thread thread = new Thread(Prices::stream);
        thread.setDaemon(true);
        thread.start();
    }

    static void stream() {
        Random random = new Random();
        byte[] noise = new byte[STREAM_BYTES];
        for (long number = 0; ; number++) {
            String head = String.format(Locale.ROOT, "%012d %.6f ", number, System.currentTimeMillis() / 1000.0);
            random.nextBytes(noise);
            String message = head + Base64.getEncoder().encodeToString(noise).substring(0, STREAM_BYTES - head.length());
            for (Session session : SESSIONS) {
                try {
                    session.getBasicRemote().sendText(message);
                } catch (Exception gone) {
                    SESSIONS.remove(session);
                }
            }
            try {
                Thread.sleep(INTERVAL_MS);
            } catch (InterruptedException interrupted) {
                return;
            }
        }
    }

    @OnOpen
    public void open(Session session) {
        SESSIONS.add(session);
    }

    @OnClose
    public void close(Session session) {
        SESSIONS.remove(session);
    }

    @OnError
    public void error(Session session, Throwable why) {
        SESSIONS.remove(session);
    }
}
